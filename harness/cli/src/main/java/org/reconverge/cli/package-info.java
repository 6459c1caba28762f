/** The command line, {@code ./reconverge}: results on standard output, progress and complaints on standard error. */
@NullMarked
package org.reconverge.cli;

import org.jspecify.annotations.NullMarked;
