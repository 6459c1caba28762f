/** The ready-made labs that travel with Reconverge. */
@NullMarked
package org.reconverge.topologies;

import org.jspecify.annotations.NullMarked;
