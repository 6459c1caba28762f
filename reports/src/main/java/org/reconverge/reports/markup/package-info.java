/** Elements of HTML and SVG that are well-formed and escaped by construction. */
@NullMarked
package org.reconverge.reports.markup;

import org.jspecify.annotations.NullMarked;
