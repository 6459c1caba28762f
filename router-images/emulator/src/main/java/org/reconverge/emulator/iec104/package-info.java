/**
 * IEC 60870-5-104: codec, session and stations on Netty.
 *
 * <p>Numbers of clauses without a standard's name are those of IEC 60870-5-104:2006. {@link Iec104Session} is the seam at
 * which another implementation of the protocol could take over: what is above it does not know how frames travel.
 */
@NullMarked
package org.reconverge.emulator.iec104;

import org.jspecify.annotations.NullMarked;
