using CreditGrains.Silo.CommandLine;
using CreditGrains.Silo.Hosting;

var host = new CommandHost(new LedgerOpener(), new LedgerServer(), new LedgerCopies(), Terminal.OfProcess(), TimeProvider.System);
return await CreditGrainsCommand.RunAsync(args, host);
