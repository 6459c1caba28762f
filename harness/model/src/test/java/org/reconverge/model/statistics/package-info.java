@NullMarked
package org.reconverge.model.statistics;

import org.jspecify.annotations.NullMarked;
