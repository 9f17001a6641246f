using Fovea.Cli.Output;
using Fovea.Cli.Usage;
using Fovea.Data;
using Fovea.Data.Decoding;
using Fovea.Data.Sources;
using Fovea.Execution;
using Fovea.Formats;
using Fovea.Graphs;
using Fovea.Images;
using Fovea.Models.Building;
using Fovea.Runs;
using Fovea.Sources;
using Fovea.Tables;
using Fovea.Tensors;
using Fovea.Training.Recipes;
using Fovea.Training.State;

namespace Fovea.Cli;

/// <summary>Turns an exception into one line on standard error and an exit code.</summary>
internal static class ErrorBoundary
{
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    internal static int Report(Exception e, Report report, bool showStack)
    {
        var (code, message) = Judge(e);
        report.Error(message);
        if (showStack) report.Log(e.ToString());
        else if (code == ExitCodes.Failure && !IsOurs(e)) report.Log("this is not expected; --debug shows where it happened");
        return code;
    }

    private static (int Code, string Message) Judge(Exception e) => e switch
    {
        AggregateException { InnerException: { } inner } => Judge(inner),
        OutOfMemoryException =>
            (ExitCodes.Failure, $"the memory does not suffice ({OneLine(e.Message)}); wanted less of train.batch_size, data.image_size or data.workers"),
        UsageException or ModelException or ModelSourceException or RecipeException or PreprocessingException
            or MemoryNeedException or TableException => (ExitCodes.Usage, e.Message),
        GateException => (ExitCodes.Gate, e.Message),
        OperationCanceledException => (ExitCodes.Interrupted, "interrupted"),
        DllNotFoundException or TypeInitializationException { InnerException: not null } => (ExitCodes.Failure, Innermost(e).Message),
        UnauthorizedAccessException => (ExitCodes.Failure, $"{e.Message.TrimEnd('.')}; wanted a path where you may read or write"),
        _ => (ExitCodes.Failure, OneLine(IsOurs(e) ? e.Message : $"{e.GetType().Name}: {e.Message}")),
    };

    /// <summary>A message with its lines joined; a list under a colon stays one.</summary>
    private static string OneLine(string message) =>
        string.Join("; ", message.Split('\n').Select(line => line.Trim())).Replace(":; ", ": ", StringComparison.Ordinal);

    /// <summary>Whether the message was written for the user.</summary>
    private static bool IsOurs(Exception e) => e is UsageException or GateException or ModelException or ShapeException or GraphException or NotDifferentiableException
        or ModelFormatException or ModelSourceException or TrainingException or RecipeException or PreprocessingException or NativeException
        or MemoryNeedException or TableException or ImageException or DataException or MissingLibraryException or PredictionException
        or NonFiniteException or IOException or UnauthorizedAccessException or OutOfMemoryException or OperationCanceledException or DllNotFoundException
        or TypeInitializationException;

    private static Exception Innermost(Exception e)
    {
        while (e.InnerException is { } inner) e = inner;
        return e;
    }
}
