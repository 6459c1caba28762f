package org.reconverge.lab.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** The package system of Debian and its derivatives. */
final class DebianPackages {

    private static final Path OS_RELEASE = Path.of("/etc/os-release");

    private DebianPackages() {}

    /** Returns whether a program can be found on the path; the administrator's directories count too. */
    static boolean isOnPath(String program) {
        List<String> directories = new ArrayList<>(List.of("/usr/sbin", "/sbin"));
        String path = System.getenv("PATH");
        if (path != null) {
            directories.addAll(Arrays.asList(path.split(":")));
        }
        return directories.stream().anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    /**
     * Returns why packages cannot be installed here, or an empty string if they can.
     *
     * @param packages what would be installed; named in the command that the user should run
     */
    static String whyNotInstallable(List<String> packages) {
        if (!isDebianLike()) {
            return "this is not Debian or a derivative, so install " + String.join(" and ", packages) + " yourself";
        }
        return isRoot()
                ? ""
                : "not root; run: sudo apt-get install --no-install-recommends " + String.join(" ", packages);
    }

    /**
     * Installs packages without what they recommend and without questions.
     *
     * @throws IOException if this is no Debian, if this is not root, or if apt fails
     */
    static void install(List<String> packages) throws IOException {
        String obstacle = whyNotInstallable(packages);
        if (!obstacle.isEmpty()) {
            throw new IOException(String.join(" ", packages) + " cannot be installed: " + obstacle);
        }
        Map<String, String> environment = Map.of("DEBIAN_FRONTEND", "noninteractive", "LC_ALL", "C.UTF-8");
        List<String> install = new ArrayList<>(
                List.of("apt-get", "-o", "DPkg::Lock::Timeout=120", "install", "-y", "--no-install-recommends"));
        install.addAll(packages);
        try {
            ExternalCommand.run(List.of("apt-get", "update"), environment);
        } catch (IOException e) {
            // One broken source out of several is common and need not matter: the installation tells.
            try {
                ExternalCommand.run(install, environment);
                return;
            } catch (IOException installation) {
                installation.addSuppressed(e);
                throw installation;
            }
        }
        ExternalCommand.run(install, environment);
    }

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static boolean isDebianLike() {
        Properties release = new Properties();
        try (var reader = Files.newBufferedReader(OS_RELEASE)) {
            release.load(reader);
        } catch (IOException e) {
            return false;
        }
        String ids = release.getProperty("ID", "") + " " + release.getProperty("ID_LIKE", "");
        return Arrays.asList(ids.replace("\"", "").split("\\s+")).contains("debian") && isOnPath("apt-get");
    }
}
