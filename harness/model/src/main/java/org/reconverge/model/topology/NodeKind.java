package org.reconverge.model.topology;

/** The containerlab kinds that Reconverge realises. */
public enum NodeKind {
    /** A container. */
    LINUX,
    /** A layer-2 segment; a Linux bridge in the patch panel. */
    BRIDGE
}
