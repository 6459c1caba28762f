/** Faults as immutable descriptions; how they are applied is the lab's business. */
@NullMarked
package org.reconverge.model.fault;

import org.jspecify.annotations.NullMarked;
