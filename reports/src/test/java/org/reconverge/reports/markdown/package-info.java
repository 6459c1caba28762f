/** Tests of the Markdown. */
@NullMarked
package org.reconverge.reports.markdown;

import org.jspecify.annotations.NullMarked;
