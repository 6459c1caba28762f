# Waits for the end of its input, which the lab's owner holds open, then removes what is left of the lab.
# Arguments: the path of the engine's socket, the label that everything of the lab carries.
use strict;
use warnings;
use IO::Socket::UNIX;
use JSON::PP;

my ($socket, $label) = @ARGV;
my ($role, $reaper) = ('org.reconverge.role', 'reaper');
my $filters = JSON::PP->new->encode({ label => [$label] });
$filters =~ s/([^A-Za-z0-9])/sprintf('%%%02X', ord $1)/ge;

# HTTP/1.0, so that the answer is not chunked and ends with the connection.
sub request {
    my ($method, $path) = @_;
    my $engine = IO::Socket::UNIX->new(Peer => $socket) or return;
    print $engine "$method $path HTTP/1.0\r\nHost: engine\r\n\r\n";
    $engine->flush;
    local $/;
    my $answer = <$engine> // '';
    my (undef, $body) = split /\r\n\r\n/, $answer, 2;
    return eval { decode_json($body // '') };
}

sub in_parallel {
    my ($method, @paths) = @_;
    for my $path (@paths) {
        my $child = fork;
        next if $child;
        request($method, $path);
        exit 0 if defined $child;
    }
    1 while wait != -1;
}

# Removes everything there is now; returns how much there was, or -1 if the engine does not answer.
sub reap {
    my $containers = request('GET', "/containers/json?all=1&filters=$filters");
    return -1 unless ref $containers eq 'ARRAY';
    my @ids = map { $_->{Id} } grep { ($_->{Labels}{$role} // '') ne $reaper } @$containers;
    in_parallel('DELETE', map { "/containers/$_?force=1&v=1" } @ids);
    my $networks = request('GET', "/networks?filters=$filters");
    my @networks = ref $networks eq 'ARRAY' ? map { $_->{Id} } @$networks : ();
    in_parallel('DELETE', map { "/networks/$_" } @networks);
    my $answer = request('GET', "/volumes?filters=$filters");
    my @volumes = ref $answer eq 'HASH' ? map { $_->{Name} } @{ $answer->{Volumes} // [] } : ();
    in_parallel('DELETE', map { "/volumes/$_?force=1" } @volumes);
    return @ids + @networks + @volumes;
}

$| = 1;
die "the engine does not answer on $socket\n" unless ref request('GET', '/version') eq 'HASH';
print "ready\n";

my $said = '';
while (sysread STDIN, my $octets, 4096) {
    $said .= $octets;
    last if $said =~ /released/;
}
if ($said =~ /released/) {
    reap();
    exit 0;
}
# The owner died. What it had asked the engine for a moment ago may still come into being, so only a quiet second
# ends the work.
my $quiet = 0;
for (1 .. 600) {
    $quiet = reap() == 0 ? $quiet + 1 : 0;
    last if $quiet == 5;
    select undef, undef, undef, 0.2;
}
