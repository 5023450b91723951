// Required before the server: ends it in good order when whoever started it closes its standard input, be it by dying.
process.stdin.on('end', () => process.kill(process.pid, 'SIGINT')).resume();
