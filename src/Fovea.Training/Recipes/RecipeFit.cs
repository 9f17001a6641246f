using Fovea.Graphs;
using Fovea.Naming;
using Fovea.Options;
using Fovea.Training.Optimizers;
using Fovea.Training.State;

namespace Fovea.Training.Recipes;

/// <summary>Whether a recipe goes with the classes of the data and with the tensors of the model: what is looked at before images are.</summary>
public static class RecipeFit
{
    private const int NamesTold = 3;

    extension(TrainRecipe recipe)
    {
        /// <summary>Wants lists with a number for each class to have as many.</summary>
        /// <param name="classes">The number of classes.</param>
        /// <exception cref="RecipeException">A list has more or fewer.</exception>
        public void CheckClasses(int classes)
        {
            var problems = new List<OptionProblem>();
            recipe.Loss.CheckClasses(new OptionChecks(problems, "loss."), classes);
            if (problems.Count > 0) throw new RecipeException(problems, recipe.Places);
        }

        /// <summary>Wants a teacher where the loss compares with one.</summary>
        /// <param name="isGiven">Whether a program brings one along.</param>
        /// <exception cref="RecipeException">There is none.</exception>
        public void CheckTeacher(bool isGiven)
        {
            if (!recipe.Loss.WantsTeacher || isGiven) return;
            throw new RecipeException(
                $"{recipe.Places.Before("loss.kind")}loss.kind {recipe.Loss.Kind} wants a teacher; none is given (loss.teacher, or TrainerOptions.Teacher)");
        }

        /// <summary>Wants each name that the recipe says of tensors, with <c>*</c> and <c>?</c> in it or not, to be that of some of the model.</summary>
        /// <param name="model">The inference graph.</param>
        /// <exception cref="RecipeException">A name is that of none, or one that is to thaw is of nothing frozen.</exception>
        /// <exception cref="TrainingException">The classifier, which <c>backbone</c> leaves out, cannot be told from the rest.</exception>
        public void CheckNames(Graph model)
        {
            string[] parameters = [.. Labels(model, kind => kind == VariableKind.Parameter)];
            var problems = new List<OptionProblem>();
            void Look(string path, IReadOnlyList<string> patterns)
            {
                foreach (var pattern in patterns.Where(pattern => !Array.Exists(parameters, label => NamePattern.Matches(pattern, label))))
                    problems.Add(Nothing(path, pattern, model, parameters, "names of its parameters"));
            }

            Look("optimizer.no_decay", recipe.Optimizer.NoDecay);
            Look("optimizer.also_decay", recipe.Optimizer.AlsoDecay);
            foreach (var (i, rule) in recipe.Model.Init.Index()) Look(FormattableString.Invariant($"model.init[{i}].only"), rule.Only);
            problems.AddRange(FreezeProblems(recipe.Freeze, model));
            if (problems.Count == 0) problems.AddRange(ThawProblems(recipe.Freeze, model));
            if (problems.Count > 0) throw new RecipeException(problems, recipe.Places);
        }

        /// <summary>Looks at what stands around the optimiser of a run that begins.</summary>
        /// <param name="beginning">The run.</param>
        /// <exception cref="TrainingException">It cannot begin so.</exception>
        public void CheckBeginning(RunBeginning beginning)
        {
            foreach (var (i, wrapper) in recipe.Optimizer.Around.Index())
            {
                try
                {
                    wrapper.CheckBeginning(beginning);
                }
                catch (TrainingException e)
                {
                    throw new TrainingException($"{recipe.Places.Before(FormattableString.Invariant($"optimizer.around[{i}].scales"))}{e.Message}", e);
                }
            }
        }
    }

    /// <summary>Names that are to be frozen or to thaw, which may be those of modules and of statistics too.</summary>
    private static IEnumerable<OptionProblem> FreezeProblems(FreezeOptions freeze, Graph model)
    {
        string[] labels = [.. Labels(model, kind => kind is VariableKind.Parameter or VariableKind.State)];
        var stages = freeze.Thaw.Select((stage, i) => (Path: FormattableString.Invariant($"freeze.thaw[{i}].names"), stage.Names));
        return
            from list in stages.Prepend((Path: "freeze.names", freeze.Names))
            from name in list.Names
            where name != FreezeOptions.Backbone && !Array.Exists(labels, label => FreezeOptions.Covers(name, label, isOfClassifier: false))
            select Nothing(list.Path, name, model, labels, $"{FreezeOptions.Backbone}, or names of its parameters and modules");
    }

    /// <summary>Names that are to thaw and were never frozen.</summary>
    private static IEnumerable<OptionProblem> ThawProblems(FreezeOptions freeze, Graph model)
    {
        if (freeze.Thaw.Count == 0) return [];
        var classifier = freeze.Thaw.SelectMany(stage => stage.Names).Concat(freeze.Names).Contains(FreezeOptions.Backbone)
            ? FrozenStages.ClassifierOf(model)
            : [];
        bool Covers(string name, string label) => FreezeOptions.Covers(name, label, classifier.Contains(label));
        string[] frozen = [.. Labels(model, kind => kind is VariableKind.Parameter or VariableKind.State)
            .Where(label => freeze.Names.Any(name => Covers(name, label)))];
        return
            from stage in freeze.Thaw.Index()
            from name in stage.Item.Names
            where !Array.Exists(frozen, label => Covers(name, label))
            select new OptionProblem(
                FormattableString.Invariant($"freeze.thaw[{stage.Index}].names"), $"'{Printable.Line(name)}', which is not frozen",
                $"names of what freeze.names freezes: {string.Join(", ", freeze.Names.Take(NamesTold).Select(frozen => Printable.Line(frozen)))}");
    }

    private static OptionProblem Nothing(string path, string pattern, Graph model, IReadOnlyList<string> labels, string wanted)
    {
        var near = NearestName.Around(pattern.Replace("*", "", StringComparison.Ordinal).Trim('.'), labels, NamesTold);
        return new(
            path, $"'{Printable.Line(pattern)}', which names nothing of {Printable.Line(model.Name)}",
            $"{wanted}, the nearest of which are {string.Join(", ", near.Select(name => Printable.Line(name)))}");
    }

    private static IEnumerable<string> Labels(Graph model, Func<VariableKind, bool> isMeant) =>
        model.Variables.Select(value => value.Variable!).Where(variable => isMeant(variable.Kind)).Select(variable => variable.Label);
}
