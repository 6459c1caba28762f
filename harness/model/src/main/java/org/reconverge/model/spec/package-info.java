/** What must hold: the failover spec, as values. */
@NullMarked
package org.reconverge.model.spec;

import org.jspecify.annotations.NullMarked;
