using System.Globalization;
using Fovea.Training.State;

namespace Fovea.Training.Logging;

/// <summary>A table with a row per epoch; what was not evaluated is left empty.</summary>
public sealed class CsvLog : ITrainingLog, IDisposable
{
    private const string Header = "epoch,step,learning_rate,train_loss,train_top1,val_loss,val_top1,val_top5,val_macro,best_top1,seconds";

    /// <summary>Several hundred thousand epochs.</summary>
    private const int MostBytes = 64 << 20;

    private readonly LineFile _file;

    /// <summary>Opens the file; rows of epochs that a resumed run will end again go.</summary>
    /// <param name="path">The file; created when it is not there.</param>
    /// <param name="state">Where the run stands.</param>
    public CsvLog(string path, RunState state) => _file = new LineFile(path, line => line == Header || EpochOf(line) <= state.Epoch);

    /// <summary>Reads a table.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its epochs, as far as their lines are whole.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyList<EpochNumbers> Read(string path) => [.. LineFile.Lines(path, MostBytes).Select(Numbers).OfType<EpochNumbers>()];

    /// <inheritdoc/>
    public void Step(in StepReport report)
    {
    }

    /// <inheritdoc/>
    public void Epoch(EpochReport report)
    {
        var validation = report.Validation;
        double?[] numbers =
        [
            report.Epoch, report.Step, report.LearningRate, report.TrainLoss, report.TrainTop1, validation?.Loss, validation?.Top1,
            validation?.Top5, validation?.Macro, report.BestEpoch > 0 ? report.BestTop1 : null, Math.Round(report.Seconds, 3),
        ];
        if (_file.IsEmpty) _file.Append(Header);
        _file.Append(string.Join(',', numbers.Select(number => number?.ToString("R", CultureInfo.InvariantCulture) ?? "")));
    }

    /// <inheritdoc/>
    public void Message(string text)
    {
    }

    /// <inheritdoc/>
    public void Warning(string text)
    {
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static EpochNumbers? Numbers(string line)
    {
        var cells = line.Split(',');
        if (cells.Length != Header.Count(c => c == ',') + 1 || !int.TryParse(cells[0], CultureInfo.InvariantCulture, out var epoch)) return null;
        double? Cell(int i) => double.TryParse(cells[i], CultureInfo.InvariantCulture, out var number) ? number : null;
        return new(epoch, Cell(3), Cell(4), Cell(5), Cell(6), Cell(8), Cell(7));
    }

    private static int EpochOf(string line) =>
        int.TryParse(line.Split(',')[0], CultureInfo.InvariantCulture, out var epoch) ? epoch : int.MaxValue;
}
