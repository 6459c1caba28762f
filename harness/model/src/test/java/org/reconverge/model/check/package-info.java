@NullMarked
package org.reconverge.model.check;

import org.jspecify.annotations.NullMarked;
