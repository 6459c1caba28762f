/** The report of a campaign as one HTML page. */
@NullMarked
package org.reconverge.reports.html;

import org.jspecify.annotations.NullMarked;
