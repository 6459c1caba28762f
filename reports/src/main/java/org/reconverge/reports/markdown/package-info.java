/** The results of a campaign as Markdown, to be pasted where people write. */
@NullMarked
package org.reconverge.reports.markdown;

import org.jspecify.annotations.NullMarked;
