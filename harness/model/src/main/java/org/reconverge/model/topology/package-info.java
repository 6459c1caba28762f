/** What is there: the containerlab topology, as values. */
@NullMarked
package org.reconverge.model.topology;

import org.jspecify.annotations.NullMarked;
