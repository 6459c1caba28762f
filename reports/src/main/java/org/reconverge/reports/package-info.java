/**
 * What an evidence directory becomes for people and for other tools. Each form of report has a package of its own and
 * reads the same {@link org.reconverge.reports.ReportInput}; none of them ever sees a live lab.
 */
@NullMarked
package org.reconverge.reports;

import org.jspecify.annotations.NullMarked;
