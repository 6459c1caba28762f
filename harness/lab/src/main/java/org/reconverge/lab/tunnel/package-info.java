/** The tunnels of a lab: who has one, with which keys, and what each end is told. */
@NullMarked
package org.reconverge.lab.tunnel;

import org.jspecify.annotations.NullMarked;
