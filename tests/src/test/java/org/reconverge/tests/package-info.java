/** The failover suites: they run real labs. */
@NullMarked
package org.reconverge.tests;

import org.jspecify.annotations.NullMarked;
