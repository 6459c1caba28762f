/** How values are written as JSON, the same in histories, verdicts and evidence. */
@NullMarked
package org.reconverge.model.json;

import org.jspecify.annotations.NullMarked;
