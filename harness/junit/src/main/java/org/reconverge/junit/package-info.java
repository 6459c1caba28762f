/** Failover tests with JUnit and AssertJ: {@link org.reconverge.junit.FailoverTest} is where to begin. */
@NullMarked
package org.reconverge.junit;

import org.jspecify.annotations.NullMarked;
