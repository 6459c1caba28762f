/** Where a value came from in a user's file, and what is wrong with it. */
@NullMarked
package org.reconverge.model.source;

import org.jspecify.annotations.NullMarked;
