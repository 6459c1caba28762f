/** The directory that a campaign leaves behind. */
@NullMarked
package org.reconverge.model.evidence;

import org.jspecify.annotations.NullMarked;
