@NullMarked
package org.reconverge.images;

import org.jspecify.annotations.NullMarked;
