/** Tests. */
@NullMarked
package org.reconverge.reports.graph;

import org.jspecify.annotations.NullMarked;
