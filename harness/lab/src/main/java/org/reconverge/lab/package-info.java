/** The lab: a topology brought up in containers, broken on purpose, observed and taken down again. */
@NullMarked
package org.reconverge.lab;

import org.jspecify.annotations.NullMarked;
