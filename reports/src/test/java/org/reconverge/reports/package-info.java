/** Tests of the reports. */
@NullMarked
package org.reconverge.reports;

import org.jspecify.annotations.NullMarked;
