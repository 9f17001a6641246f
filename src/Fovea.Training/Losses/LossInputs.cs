using Fovea.Graphs;
using Fovea.Naming;
using Fovea.Ops;
using Fovea.Tensors;
using Fovea.Training.Schedules;
using Fovea.Training.State;

namespace Fovea.Training.Losses;

/// <summary>What a loss is made of: logits and what they should be, for N images of C classes.</summary>
/// <remarks>Everything is float32, whatever the model computes in.</remarks>
public sealed class LossInputs
{
    /// <summary>The input with the logits of a teacher, f32 [N, C].</summary>
    public const string TeacherInput = "teacher_logits";

    /// <summary>What the names of tensors that a loss keeps begin with.</summary>
    public const string StatePrefix = "loss/";

    private readonly LossContext _context;
    private Value? _distribution;

    /// <summary>The inputs of a loss.</summary>
    /// <param name="logits">f32 [N, C].</param>
    /// <param name="target">The classes, s32 [N], or a weight for each class, f32 [N, C].</param>
    /// <param name="context">What the loss may know beside.</param>
    public LossInputs(Value logits, Value target, LossContext context) => (Logits, Target, _context) = (logits, target, context);

    /// <summary>The graph that receives the nodes.</summary>
    public Graph Graph => Logits.Graph;

    /// <summary>The logits, f32 [N, C].</summary>
    public Value Logits { get; }

    /// <summary>The classes, s32 [N], or a weight for each class, f32 [N, C].</summary>
    public Value Target { get; }

    /// <summary>The key of random draws.</summary>
    public ulong Seed => _context.Seed;

    /// <summary>N.</summary>
    public int Samples => Logits.Shape[0];

    /// <summary>C.</summary>
    public int Classes => Logits.Shape[1];

    /// <summary>The target as a weight for each class, f32 [N, C]: 1 for the class of an image and 0 for others, or what was given.</summary>
    public Value Distribution => _distribution ??= Target.Type.DType == DType.Float32 ? Target : OneHot();

    /// <summary>How many training images each class has; at least 1, so that classes without any have finite weights.</summary>
    /// <exception cref="TrainingException">That is not known.</exception>
    public IReadOnlyList<int> ClassCounts => _context.ClassCounts.Count == Classes
        ? [.. _context.ClassCounts.Select(count => Math.Max(1, count))]
        : throw new TrainingException(
            $"the loss wants to know how many training images each of {Classes} classes has; given are {Amount.Of(_context.ClassCounts.Count, "number")}");

    /// <summary>The logits of a teacher for the same images, f32 [N, C]: the input <see cref="TeacherInput"/>.</summary>
    public Value TeacherLogits => Graph.Find(TeacherInput) ?? Graph.Input(TeacherInput, Logits.Type);

    /// <summary>The target with a share spread evenly over all classes: (1 − s)·t + s/C.</summary>
    public Value Smoothed(double share) => share == 0 ? Distribution : Distribution.Affine(1 - share, share / Classes);

    /// <summary>A known number for each class, f32 [C].</summary>
    public Value Row(IEnumerable<double> numbers) => Graph.Constant(HostTensor.Of(new Shape(Classes), [.. numbers.Select(number => (float)number)]));

    /// <summary>A number for each class that an option lists.</summary>
    /// <param name="numbers">The list.</param>
    /// <param name="option">Its key.</param>
    /// <exception cref="TrainingException">There are more or fewer than classes.</exception>
    public Value Row(IReadOnlyList<double> numbers, string option) => numbers.Count == Classes
        ? Row(numbers)
        : throw new TrainingException($"loss.{option} has {Amount.Of(numbers.Count, "number")}; there are {Amount.Of(Classes, "class")}, wanted as many");

    /// <summary>What the loss remembers of each class between batches, f32 [C], which checkpoints keep; its value before the batch.</summary>
    /// <param name="name">Lower case with underscores.</param>
    /// <param name="start">What it is before the first batch.</param>
    public Value State(string name, double start = 0)
    {
        var label = StatePrefix + (_context.Head.Length == 0 ? name : $"{_context.Head}.{name}");
        return Graph.Find(label) ?? Graph.Slot(label, TensorType.F32(Classes), start == 0 ? Initializer.Zeros : new Initializer.Fill(start));
    }

    /// <summary>A number that is computed anew at each step, f32 [].</summary>
    /// <param name="name">Names the number; the first who asks says what it is.</param>
    /// <param name="at">Its value; must depend on where the run stands alone, since a resumed run asks from the middle on.</param>
    public Value Number(string name, Func<RunProgress, double> at) => _context.Number(name, at);

    /// <summary>The number of the batch, s32 [1], for random operations.</summary>
    public Value Step => Graph.Find(Passes.EnterTraining.StepInput) ?? Graph.Input(Passes.EnterTraining.StepInput, new TensorType(DType.Int32, new Shape(1)));

    private Value OneHot()
    {
        var label = Target.Cast(DType.Float32).Reshape(new Shape(Samples, 1)).BroadcastTo(Logits.Shape);
        var number = Row(Enumerable.Range(0, Classes).Select(c => (double)c)).BroadcastTo(Logits.Shape);
        return label.AtLeast(number).Times(number.AtLeast(label));
    }
}
