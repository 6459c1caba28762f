package org.reconverge.lab.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.reconverge.lab.engine.RouterImage.ContextFile;

/** Writes what the engine builds an image from: a tar archive of the Dockerfile and the files beside it. */
final class BuildContext {

    static final String DOCKERFILE = "Dockerfile";

    private BuildContext() {}

    /** Returns the context of a router image. Same files, same octets: owners and times are fixed. */
    static byte[] of(RouterImage image) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = tar(bytes)) {
            for (ContextFile file : image.files()) {
                byte[] content = file.path().equals(DOCKERFILE)
                        ? labelled(new String(file.content(), StandardCharsets.UTF_8), image.name())
                                .getBytes(StandardCharsets.UTF_8)
                        : file.content();
                add(tar, file.path(), file.mode(), content);
            }
        }
        return bytes.toByteArray();
    }

    /** Writes the context of an image that is nothing but a root file system. */
    static void writeRootFileSystem(Path rootFileSystem, OutputStream out) throws IOException {
        String dockerfile = "FROM scratch\nADD rootfs.tar /\nCMD [\"/bin/sh\"]\n";
        try (TarArchiveOutputStream tar = tar(out)) {
            add(tar, DOCKERFILE, 0644, dockerfile.getBytes(StandardCharsets.UTF_8));
            TarArchiveEntry entry = new TarArchiveEntry("rootfs.tar");
            entry.setMode(0644);
            entry.setSize(Files.size(rootFileSystem));
            tar.putArchiveEntry(entry);
            Files.copy(rootFileSystem, tar);
            tar.closeArchiveEntry();
        }
    }

    /**
     * Labels every stage of a Dockerfile from its first layer on, so that the layers of a build that failed or was
     * killed can be told from the user's.
     */
    static String labelled(String dockerfile, String name) {
        StringBuilder labelled = new StringBuilder();
        for (String line : dockerfile.lines().toList()) {
            labelled.append(line).append('\n');
            if (line.strip().toUpperCase(Locale.ROOT).startsWith("FROM ")) {
                labelled.append("LABEL ")
                        .append(Labels.IMAGE_UNFINISHED)
                        .append('=')
                        .append(name)
                        .append('\n');
            }
        }
        return labelled.toString();
    }

    private static TarArchiveOutputStream tar(OutputStream out) {
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        return tar;
    }

    private static void add(TarArchiveOutputStream tar, String path, int mode, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(path);
        entry.setMode(mode);
        entry.setModTime(0);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
