/** What runs inside a lab and observes it: the probe server of a site and the probe clients of its customers. */
@NullMarked
package org.reconverge.emulator;

import org.jspecify.annotations.NullMarked;
