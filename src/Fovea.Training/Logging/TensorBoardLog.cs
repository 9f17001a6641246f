using Fovea.Formats.TensorBoard;

namespace Fovea.Training.Logging;

/// <summary>Curves for TensorBoard: <c>train/…</c> and <c>val/…</c> over steps.</summary>
public sealed class TensorBoardLog : ITrainingLog, IDisposable
{
    private readonly EventFileWriter _events;

    /// <summary>Begins an event file; if the run has steps behind it, TensorBoard drops what earlier files say of later ones.</summary>
    /// <param name="folder">The folder of the run.</param>
    /// <param name="step">The updates that the run has behind it.</param>
    /// <param name="time">The clock.</param>
    public TensorBoardLog(string folder, long step, TimeProvider time) => _events = new(folder, time, step > 0 ? step + 1 : null);

    /// <inheritdoc/>
    public void Step(in StepReport report)
    {
        Scalar("train/loss", report.Step, report.Loss);
        Scalar("train/learning_rate", report.Step, report.LearningRate);
        if (report.GradientNorm is { } norm) Scalar("train/gradient_norm", report.Step, norm);
        Scalar("speed/images_per_second", report.Step, report.ImagesPerSecond);
        Scalar("speed/reader_seconds", report.Step, report.ReaderSeconds);
        _events.Flush();
    }

    /// <inheritdoc/>
    public void Epoch(EpochReport report)
    {
        Scalar("train/epoch_loss", report.Step, report.TrainLoss);
        Scalar("train/epoch_top1", report.Step, report.TrainTop1);
        if (report.Validation is { } validation)
        {
            Scalar("val/loss", report.Step, validation.Loss);
            Scalar("val/top1", report.Step, validation.Top1);
            if (validation.Top5 is { } top5) Scalar("val/top5", report.Step, top5);
            Scalar("val/macro", report.Step, validation.Macro);
        }

        _events.Flush();
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
    public void Dispose() => _events.Dispose();

    private void Scalar(string tag, long step, double number) => _events.Scalar(tag, step, (float)number);
}
