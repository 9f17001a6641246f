using Fovea.Hostile;
using Fovea.Hostile.Subjects;

namespace Fovea.Formats.Tests;

/// <summary>
/// Files made from structure, with checksums that are right: refused with the reader's own exceptions and little memory, or compiled and run.
/// </summary>
/// <remarks>The recorded long run is <c>bench/results/fuzz.md</c>; <c>Fovea.Hostile SUBJECT SEED COUNT</c> repeats it.</remarks>
public sealed class HostileFilesTests
{
    private const int Rounds = 400;

    [Fact]
    public void Hostile_graph_text_is_refused_or_runs() =>
        Assert.InRange(Trials.Run(new GraphTexts(), seed: 101, first: 0, Rounds).Accepted, Rounds / 20, Rounds);

    [Fact]
    public void Operation_that_takes_its_operands_runs_on_both_backends() =>
        Assert.InRange(Trials.Run(new Operations(), seed: 104, first: 0, Rounds).Accepted, Rounds / 20, Rounds);

    [Fact]
    public void Hostile_artefacts_are_refused_or_run() =>
        Assert.InRange(Trials.Run(new FoveaFiles(), seed: 102, first: 0, Rounds).Accepted, Rounds / 20, Rounds);

    [Fact]
    public void Hostile_ONNX_files_are_refused_or_run() =>
        Assert.InRange(Trials.Run(new OnnxFiles(), seed: 103, first: 0, Rounds).Accepted, Rounds / 20, Rounds);

    [Fact]
    public void Hostile_pickles_of_arrays_are_refused_or_read() =>
        Assert.InRange(Trials.Run(new PaddleFiles(), seed: 105, first: 0, Rounds).Accepted, Rounds / 20, Rounds);

    [Fact]
    public void Hostile_checkpoints_of_MindSpore_are_refused_or_read() =>
        Assert.InRange(Trials.Run(new MindSporeFiles(), seed: 106, first: 0, Rounds).Accepted, Rounds / 20, Rounds);
}
