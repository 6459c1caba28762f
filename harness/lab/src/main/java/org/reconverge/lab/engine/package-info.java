/** The Docker Engine that labs run on: found or installed, filled with images, probed, and left clean. */
@NullMarked
package org.reconverge.lab.engine;

import org.jspecify.annotations.NullMarked;
