using Fovea.Cli;
using Fovea.Cli.Output;

// Not disposed of: a signal that comes when the work is over must not change the exit code.
var stop = StopSignals.OfProcess();
return Tool.Run(args, Terminal.OfProcess(), work => stop.LastResort = work, stop.Token);
