using System.CommandLine;
using Fovea.Cli.Darknet;
using Fovea.Cli.Usage;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea classifier</c>: Darknet's commands for classifiers, with its files and its lines.</summary>
internal static class ClassifierCommand
{
    internal static Command Create() => new Command("classifier", "Darknet's commands: train, valid, predict with .data, .cfg and .weights files")
        .With(ClassifierTraining.Create(), ClassifierValidation.Create(), ClassifierPrediction.Create());
}
