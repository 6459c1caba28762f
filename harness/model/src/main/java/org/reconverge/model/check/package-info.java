/** Verdicts, as pure functions of a history and a spec. */
@NullMarked
package org.reconverge.model.check;

import org.jspecify.annotations.NullMarked;
