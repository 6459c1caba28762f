@NullMarked
package org.reconverge.model.history;

import org.jspecify.annotations.NullMarked;
