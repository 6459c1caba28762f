/** Streams to and from processes inside containers. */
@NullMarked
package org.reconverge.lab.stream;

import org.jspecify.annotations.NullMarked;
