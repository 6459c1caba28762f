@NullMarked
package org.reconverge.model.evidence;

import org.jspecify.annotations.NullMarked;
