@NullMarked
package org.reconverge.junit;

import org.jspecify.annotations.NullMarked;
