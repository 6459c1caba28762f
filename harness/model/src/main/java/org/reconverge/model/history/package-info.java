/** The append-only event log of a trial: the only thing verdicts are computed from. */
@NullMarked
package org.reconverge.model.history;

import org.jspecify.annotations.NullMarked;
