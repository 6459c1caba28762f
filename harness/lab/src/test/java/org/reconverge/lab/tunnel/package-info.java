@org.jspecify.annotations.NullMarked
package org.reconverge.lab.tunnel;
