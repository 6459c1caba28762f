/** The picture of a topology. */
@NullMarked
package org.reconverge.reports.graph;

import org.jspecify.annotations.NullMarked;
