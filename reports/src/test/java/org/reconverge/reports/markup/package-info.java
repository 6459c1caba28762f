/** Tests. */
@NullMarked
package org.reconverge.reports.markup;

import org.jspecify.annotations.NullMarked;
