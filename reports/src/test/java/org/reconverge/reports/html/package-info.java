/** Tests. */
@NullMarked
package org.reconverge.reports.html;

import org.jspecify.annotations.NullMarked;
