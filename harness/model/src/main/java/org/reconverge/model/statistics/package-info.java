/** What several trials say together, and how much they support. */
@NullMarked
package org.reconverge.model.statistics;

import org.jspecify.annotations.NullMarked;
