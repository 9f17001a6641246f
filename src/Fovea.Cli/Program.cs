using Fovea.Cli;

return Start.Run(args);
