/** The patch panel, through which every wire runs, and the faults applied there. */
@NullMarked
package org.reconverge.lab.panel;

import org.jspecify.annotations.NullMarked;
