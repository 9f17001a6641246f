using Fovea.Cli;
using Fovea.Cli.Output;

using var stop = StopSignals.OfProcess();
return Tool.Run(args, Terminal.OfProcess(), work => stop.LastResort = work, stop.Token);
