# Runs a PostgreSQL server for as long as somebody holds a lease, which is the FIFO `lease` opened for writing: the kernel closes it whatever becomes of a process.
# Arguments: the folder, which holds `password`; where the binaries are; the port; for how many seconds to wait for another lease.
trap '' HUP INT TERM
folder=$1 binaries=$2 port=$3 linger=$4
cd "$folder" || exit 1
umask 077
give_up() {
  touch failed
  # Who started this reads the log first.
  sleep 5
  cd / && rm -rf "$folder"
  exit 1
}
mkfifo lease || give_up
# Opened for both, so that neither is waited for; what is open for writing would be a lease, and nothing that is started here may have it.
exec 4<>lease 3<lease
"$binaries/initdb" --pgdata=data --username=ssot --pwfile=password --auth=scram-sha-256 --encoding=UTF8 --no-locale --no-sync \
  >log 2>&1 </dev/null 3<&- 4>&- || give_up
"$binaries/postgres" -D data -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=300 -c fsync=off \
  -c synchronous_commit=off -c full_page_writes=off -c autovacuum_naptime=15s -c log_min_messages=fatal >>log 2>&1 </dev/null 3<&- 4>&- &
server=$!
sleep "$linger"
kill -0 "$server" 2>/dev/null || give_up
exec 4>&-
while :; do
  cat <&3 >/dev/null
  sleep "$linger"
  # Who came meanwhile has written a line.
  [ -n "$(cat <&3)" ] || break
done
# Nobody finds it from now on; who just did has a lease that is waited for.
mv lease ended
cat <&3 >/dev/null
kill -QUIT "$server" 2>/dev/null
wait "$server"
cd / && rm -rf "$folder"
